import { startTenkyo } from '../support/running-tenkyo.ts';
import { firstLight } from './first-light.suite.ts';

firstLight('first light', startTenkyo);
